export { OperationCard } from './OperationCard';
export { OperationPage } from './OperationPage';
export { OperationsPage } from './OperationsPage';
export { hasEnded, operationsKey, operationsQuery } from './queries';
export { type StreamState, useClusterEvents } from './useClusterEvents';
