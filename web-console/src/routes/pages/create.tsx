import { getRouteApi } from '@tanstack/react-router';
import { CreatePage } from '@/features/create';

const route = getRouteApi('/projects/$project/clusters/new');

export default function Create() {
  return <CreatePage project={route.useParams().project} />;
}
