import { Alert, Button, Group, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formProblem } from '@/lib/problems';

interface DialogFormProps<Values extends object, Answer> {
  form: UseFormReturnType<Values>;
  create: UseMutationResult<Answer, Error, Values>;
  onCreated: (answer: Answer) => void;
  onCancel: () => void;
  children: ReactNode;
}

/** A dialog's form that creates something: what is refused is said at its fields, or above them. */
export function DialogForm<Values extends object, Answer>({
  form,
  create,
  onCreated,
  onCancel,
  children,
}: DialogFormProps<Values, Answer>) {
  const problem = (error: unknown) => formProblem(error, Object.keys(form.values));
  const submit = form.onSubmit((values) =>
    create.mutate(values, {
      onSuccess: onCreated,
      onError: (error) => form.setErrors(problem(error).fields),
    }),
  );
  const message = create.error && problem(create.error).message;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {message && (
          <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden="true" />}>
            {message}
          </Alert>
        )}
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
