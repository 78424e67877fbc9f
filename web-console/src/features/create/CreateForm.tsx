import {
  Alert,
  Button,
  Card,
  Grid,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Plan, Version } from '@/api/client';
import { formProblem } from '@/lib/problems';
import { type Draft, draftErrors, fields, zookeeperDefault } from './draft';
import { PlanCards } from './PlanCards';
import { Review } from './Review';
import { useCreateCluster } from './useCreateCluster';

interface CreateFormProps {
  project: string;
  plans: readonly Plan[];
  versions: readonly Version[];
}

export function CreateForm({ project, plans, versions }: CreateFormProps) {
  const first = plans[0];
  const form = useForm<Draft>({
    initialValues: {
      name: '',
      plan: first?.name ?? '',
      version: (versions.find((version) => version.default) ?? versions[0])?.version ?? '',
      brokers: first?.brokers_default ?? 3,
      zookeeper_nodes: zookeeperDefault(first?.brokers_default ?? 3),
    },
    validate: draftErrors(first?.brokers_max ?? 12),
    validateInputOnChange: true,
  });
  const create = useCreateCluster(project, (error) => form.setErrors(formProblem(error, fields).fields));
  const plan = plans.find((candidate) => candidate.name === form.values.plan);
  const message = create.error ? formProblem(create.error, fields).message : null;

  const chooseBrokers = (brokers: string | number) => {
    form.setFieldValue('brokers', brokers as number);
    if (typeof brokers === 'number') form.setFieldValue('zookeeper_nodes', zookeeperDefault(brokers));
  };

  return (
    <form onSubmit={form.onSubmit((draft) => create.mutate(draft))} noValidate>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            {message && (
              <Alert
                color="red"
                icon={<IconAlertTriangle aria-hidden="true" />}
                title="The cluster was not created"
                role="alert"
              >
                {message}
              </Alert>
            )}
            <Card>
              <TextInput
                label="Name"
                description="Lowercase letters, digits and hyphens; unique in this project"
                placeholder="orders"
                autoComplete="off"
                data-autofocus
                maxLength={80}
                {...form.getInputProps('name')}
              />
            </Card>
            <Card>
              <Title order={2} size="h5" mb="md">
                Size
              </Title>
              <PlanCards plans={plans} {...form.getInputProps('plan')} />
              <Group mt="lg" grow align="flex-start">
                <NumberInput
                  label="Brokers"
                  description={plan ? `1 to ${plan.brokers_max}` : undefined}
                  min={1}
                  allowDecimal={false}
                  clampBehavior="none"
                  {...form.getInputProps('brokers')}
                  onChange={chooseBrokers}
                />
                <Select
                  label="Version"
                  description="Of brokers and ZooKeeper nodes"
                  allowDeselect={false}
                  data={versions.map(({ version, default: usual }) => ({
                    value: version,
                    label: usual ? `${version} (default)` : version,
                  }))}
                  {...form.getInputProps('version')}
                />
              </Group>
              <Text size="sm" fw={500} mt="lg" mb={4} id="zookeeper-nodes">
                ZooKeeper nodes
              </Text>
              <SegmentedControl
                aria-labelledby="zookeeper-nodes"
                value={String(form.values.zookeeper_nodes)}
                onChange={(value) => form.setFieldValue('zookeeper_nodes', value === '3' ? 3 : 1)}
                data={[
                  { value: '1', label: 'One' },
                  { value: '3', label: 'Three: survives the loss of one' },
                ]}
              />
              {form.errors.zookeeper_nodes && (
                <Text size="xs" c="var(--mantine-color-error)" mt={4} role="alert">
                  {form.errors.zookeeper_nodes}
                </Text>
              )}
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Review project={project} draft={form.values} plan={plan} idempotencyKey={create.idempotencyKey} />
          <Group mt="lg" justify="flex-end">
            <Button variant="default" component={Link} to={`/projects/${project}/clusters`}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending || create.isSuccess}>
              Create cluster
            </Button>
          </Group>
        </Grid.Col>
      </Grid>
    </form>
  );
}
