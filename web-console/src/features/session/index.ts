export { mayDevelop, mayOperate, meQuery } from './queries';
export { UserMenu } from './UserMenu';
export { useProject } from './useProject';
