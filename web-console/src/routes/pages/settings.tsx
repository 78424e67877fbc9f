import { getRouteApi } from '@tanstack/react-router';
import { SettingsPage } from '@/features/settings';

const route = getRouteApi('/projects/$project/clusters/$cluster/settings');

export default function Settings() {
  const { project, cluster } = route.useParams();
  const navigate = route.useNavigate();
  return (
    <SettingsPage
      path={{ project, cluster }}
      onDeleting={() =>
        navigate({ to: '/projects/$project/clusters/$cluster/overview', params: { project, cluster } })
      }
    />
  );
}
