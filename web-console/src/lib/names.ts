const NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;
const USERNAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const PREFIX = /^[a-zA-Z0-9._-]{0,249}$/;

/** Why the name of a cluster is not one, or null. */
export function clusterNameError(name: string) {
  if (name === '') return 'Give the cluster a name';
  if (!/^[a-z]/.test(name)) return 'Start with a lowercase letter';
  if (/[^a-z0-9-]/.test(name)) return 'Use lowercase letters, digits and hyphens';
  if (name.endsWith('-')) return 'End with a letter or a digit';
  return NAME.test(name) ? null : 'At most 63 characters';
}

export function topicNameError(name: string) {
  if (name === '') return 'Give the topic a name';
  if (name === '.' || name === '..') return '“.” and “..” are not names';
  return TOPIC.test(name) ? null : 'Use up to 249 letters, digits, dots, underscores and hyphens';
}

export function usernameError(name: string) {
  if (name === '') return 'Give the user a name';
  return USERNAME.test(name)
    ? null
    : 'Use up to 40 lowercase letters, digits and hyphens, beginning with a letter';
}

export function prefixError(prefix: string) {
  return PREFIX.test(prefix) ? null : 'Use up to 249 letters, digits, dots, underscores and hyphens';
}
