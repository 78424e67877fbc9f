import { getRouteApi } from '@tanstack/react-router';
import { ConnectPage } from '@/features/connect';

const route = getRouteApi('/projects/$project/clusters/$cluster/connect');

export default function Connect() {
  const { project, cluster } = route.useParams();
  return <ConnectPage path={{ project, cluster }} />;
}
