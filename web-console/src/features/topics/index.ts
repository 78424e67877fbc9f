export { topicsQuery } from './queries';
export { TopicsPage, type TopicsSearch } from './TopicsPage';
