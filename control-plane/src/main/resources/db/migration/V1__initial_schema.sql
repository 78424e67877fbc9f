-- Every row that belongs to a tenant carries it, and row-level security compares it with app.tenant,
-- which the connection pool of requests sets and clears. Not set means no rows.

create function current_tenant() returns text language sql stable as
$$ select nullif(current_setting('app.tenant', true), '') $$;

create table organization (
    id         text primary key,
    tenant     text        not null unique,
    created_at timestamptz not null default now()
);

create table project (
    id         text primary key,
    tenant     text        not null,
    name       text        not null,
    created_at timestamptz not null default now(),
    unique (tenant, name)
);

create table cluster (
    id                  text primary key,
    tenant              text        not null,
    project_id          text        not null references project,
    project_name        text        not null,
    name                text        not null,
    plan                text        not null,
    brokers             integer     not null check (brokers > 0),
    zookeeper_nodes     integer     not null check (zookeeper_nodes in (1, 3)),
    version             text        not null,
    platform            text        not null,
    isolation           text        not null,
    generation          bigint      not null,
    observed_generation bigint      not null default 0,
    state               text        not null,
    health              text        not null default 'UNKNOWN',
    health_detail       text,
    operation_id        text,
    event_sequence      bigint      not null default 0,
    epoch               bigint      not null default 0,
    network             text,
    ca_certificate      text,
    ca_key              bytea,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now(),
    deleted_at          timestamptz
);
create unique index cluster_live_name on cluster (project_id, name) where deleted_at is null;
create index cluster_of_project on cluster (project_id, id desc) where deleted_at is null;

create table node (
    cluster_id  text    not null references cluster,
    name        text    not null,
    tenant      text    not null,
    role        text    not null,
    node_id     integer not null,
    zone        text    not null,
    address     text,
    version     text    not null,
    incarnation integer not null default 1,
    state       text    not null default 'PENDING',
    health      text    not null default 'UNKNOWN',
    leaders     integer,
    partitions  integer,
    controller  boolean not null default false,
    seen_at     timestamptz,
    primary key (cluster_id, name)
);

-- One block of the platform's range for each cluster; the key is what keeps two from taking the same.
create table address_block (
    block      integer primary key,
    cluster_id text not null unique references cluster,
    tenant     text not null
);

-- One token for each incarnation of a node, only its hash; the first request binds it to a public key.
create table enrolment_token (
    cluster_id      text        not null references cluster,
    node_name       text        not null,
    incarnation     integer     not null,
    tenant          text        not null,
    nonce           bytea       not null,
    token_hash      bytea       not null,
    expires_at      timestamptz not null,
    public_key_hash bytea,
    certificate     text,
    primary key (cluster_id, node_name, incarnation)
);

create table credential (
    id         text primary key,
    tenant     text        not null,
    cluster_id text        not null references cluster,
    principal  text        not null,
    preset     text        not null,
    prefix     text        not null,
    username   text        not null,
    created_at timestamptz not null,
    unique (cluster_id, username)
);
create index credential_of_principal on credential (cluster_id, principal, id desc);

create table operation (
    id               text primary key,
    tenant           text        not null,
    project_id       text        not null references project,
    cluster_id       text        not null references cluster,
    cluster_name     text        not null,
    type             text        not null,
    state            text        not null,
    actor            text        not null,
    request_id       text        not null,
    epoch            bigint      not null default 0,
    cancel_requested boolean     not null default false,
    error_code       text,
    error_detail     text,
    created_at       timestamptz not null,
    started_at       timestamptz,
    ended_at         timestamptz
);
create index operation_of_cluster on operation (cluster_id, id desc);

create table operation_step (
    operation_id text    not null references operation on delete cascade,
    position     integer not null,
    tenant       text    not null,
    name         text    not null,
    title        text    not null,
    node         text,
    state        text    not null default 'PENDING',
    started_at   timestamptz,
    ended_at     timestamptz,
    attempt      integer not null default 0,
    failures     integer not null default 0,
    detail       text,
    primary key (operation_id, position)
);

create table cluster_event (
    cluster_id text        not null references cluster,
    sequence   bigint      not null,
    tenant     text        not null,
    type       text        not null,
    at         timestamptz not null,
    data       text        not null,
    primary key (cluster_id, sequence)
);
create index cluster_event_age on cluster_event (at);

create table idempotency (
    tenant       text        not null,
    caller       text        not null,
    method       text        not null,
    path         text        not null,
    key          text        not null,
    request_hash text        not null,
    status       integer,
    headers      text,
    body         text,
    created_at   timestamptz not null default now(),
    primary key (tenant, caller, method, path, key)
);
create index idempotency_age on idempotency (created_at);

-- db-scheduler's table: it says only that an operation wants to run; all that matters is in operation.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    state                text,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

do $$
declare
    name text;
begin
    foreach name in array array ['organization', 'project', 'cluster', 'node', 'address_block', 'enrolment_token',
        'credential', 'operation', 'operation_step', 'cluster_event', 'idempotency']
    loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy tenant_rows on %I to %I using (tenant = current_tenant()) '
            'with check (tenant = current_tenant())', name, '${app_role}');
        execute format('create policy engine_rows on %I to %I using (true) with check (true)', name, '${engine_role}');
        execute format('grant select, insert, update, delete on %I to %I', name, '${app_role}');
        execute format('grant select, insert, update, delete on %I to %I', name, '${engine_role}');
    end loop;
    execute format('grant select, insert, update, delete on scheduled_tasks to %I', '${engine_role}');
    -- Requests add work to the queue in their own transaction; they neither read nor take any.
    execute format('grant insert on scheduled_tasks to %I', '${app_role}');
end
$$;
