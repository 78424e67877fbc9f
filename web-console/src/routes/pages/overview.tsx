import { getRouteApi } from '@tanstack/react-router';
import { OverviewPage } from '@/features/overview';

const route = getRouteApi('/projects/$project/clusters/$cluster/overview');

export default function Overview() {
  const { project, cluster } = route.useParams();
  return <OverviewPage path={{ project, cluster }} />;
}
