export { CreateCredential } from './CreateCredential';
export { UsersPage } from './UsersPage';
export { useUsernames } from './useUsernames';
