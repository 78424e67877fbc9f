import { getRouteApi } from '@tanstack/react-router';
import { OperationPage } from '@/features/operations';

const route = getRouteApi('/projects/$project/clusters/$cluster/operations/$operation');

export default function Operation() {
  const { project, cluster, operation } = route.useParams();
  return <OperationPage path={{ project, cluster }} operation={operation} />;
}
