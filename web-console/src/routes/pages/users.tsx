import { getRouteApi } from '@tanstack/react-router';
import { UsersPage } from '@/features/access';

const route = getRouteApi('/projects/$project/clusters/$cluster/users');

export default function Users() {
  const { project, cluster } = route.useParams();
  return <UsersPage path={{ project, cluster }} />;
}
