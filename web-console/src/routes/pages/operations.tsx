import { getRouteApi } from '@tanstack/react-router';
import { OperationsPage } from '@/features/operations';

const route = getRouteApi('/projects/$project/clusters/$cluster/operations');

export default function Operations() {
  const { project, cluster } = route.useParams();
  return <OperationsPage path={{ project, cluster }} />;
}
