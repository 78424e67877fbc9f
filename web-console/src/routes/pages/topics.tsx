import { getRouteApi } from '@tanstack/react-router';
import { TopicsPage } from '@/features/topics';

const route = getRouteApi('/projects/$project/clusters/$cluster/topics');

export default function Topics() {
  const { project, cluster } = route.useParams();
  const { filter = '', create = false } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <TopicsPage
      path={{ project, cluster }}
      search={{ filter, create }}
      onSearch={(change) => navigate({ search: { filter, create, ...change }, replace: true })}
    />
  );
}
