export { ConnectCard } from './ConnectCard';
export { ConnectPage } from './ConnectPage';
