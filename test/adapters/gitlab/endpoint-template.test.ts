import { expect, test } from 'vitest';
import { endpointTemplate } from '../../../src/adapters/gitlab/endpoint-template.ts';

test.each([
  ['projects/7/merge_requests/3/notes', 'projects/:id/merge_requests/:id/notes'],
  ['projects/ml%2Fauto-mpg', 'projects/:id'],
  ['projects/7/repository/commits/a1b2c3/statuses?name=x', 'projects/:id/repository/commits/:id/statuses'],
  ['/projects/7/statuses/a1b2c3', 'projects/:id/statuses/:id'],
  ['projects/7/members/all/12', 'projects/:id/members/all/:id'],
  ['user', 'user'],
  ['secret-project/branch', ':id/:id'],
])('%s — as a template — is %s', (path, template) => {
  expect(endpointTemplate(path)).toBe(template);
});
