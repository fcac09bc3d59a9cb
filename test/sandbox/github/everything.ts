import { zeroSha } from '../../../src/sandbox/git/bare-repository.ts';
import type { TestWorld } from './world.ts';

/** A story in which every event with every action happens at least once. */
export async function tellEverything(world: TestWorld): Promise<void> {
  const { github, repository, installation, app } = world;
  const repo = '/repos/acme/auto-mpg';
  await github.commit(repository, 'release', { 'x.txt': 'x\n' }, 'Release');
  const head = await github.commit(repository, 'feature', { 'a.txt': 'a\n' }, { message: 'A', as: 'dev' });
  const pull = await github.openPull(repository, {
    head: 'feature',
    as: 'dev',
    draft: true,
    labels: ['data'],
    body: 'Why',
  });
  await github.setDraft(pull, false);
  await github.setDraft(pull, true);
  await github.setDraft(pull, false);
  await github.editPull(pull, { title: 'Better', body: 'Because' });
  await github.editPull(pull, { base: 'release' });
  await github.editPull(pull, { base: 'main' });
  await github.setLabels(pull, ['pipeline']);
  await github.closePull(pull);
  await github.reopenPull(pull);
  const comment = await github.comment('dev', pull, '/gate recheck');
  await github.editComment('dev', comment, 'never mind');
  await github.deleteComment('dev', comment);
  const actions = [{ label: 'Again', description: 'Once more', identifier: 'recheck' }];
  const made = await world.api('POST', `${repo}/check-runs`, {
    name: 'gate',
    head_sha: head,
    external_id: 'r1',
    actions,
  });
  const [run] = github.checkRuns(repository, head);
  if (run === undefined) throw new Error(`no check run: ${JSON.stringify(made.body)}`);
  const output = { title: 'Done', summary: 'All good.' };
  await world.api('PATCH', `${repo}/check-runs/${run.id}`, { conclusion: 'success', output });
  await github.rerequest(run, { as: 'dev' });
  await github.rerequestSuite(run.suite, { as: 'dev' });
  await github.clickAction(run, 'recheck', { as: 'dev' });
  await github.commit(repository, 'feature', { 'a.txt': 'b\n' }, { message: 'B', as: 'dev' });
  await github.push(repository, 'refs/heads/feature', head, { as: 'dev' });
  const task = { ref: head, auto_merge: false, required_contexts: [], payload: { run: 'r1' } };
  const { body: deployed } = await world.api('POST', `${repo}/deployments`, task);
  await world.api('POST', `${repo}/deployments/${deployed.id}/statuses`, { state: 'in_progress' });
  await world.api('POST', `${repo}/deployments/${deployed.id}/statuses`, { state: 'success' });
  const group = await github.enqueue(pull);
  const again = await github.invalidateGroup(group);
  await github.dequeue(pull, { reason: 'CI_FAILURE' });
  await github.mergeGroup(await github.enqueue(pull));
  await github.push(repository, 'refs/tags/v1', again.baseSha);
  await github.push(repository, 'refs/heads/release', undefined);
  const other = await github.createRepository({ name: 'acme/other' });
  github.selectRepositories(installation, [repository, other]);
  github.selectRepositories(installation, [repository]);
  github.acceptPermissions(installation, { ...app.permissions, administration: 'read' });
  github.suspend(installation);
  github.suspend(installation, false);
  await github.idle();
  if (again.headSha === zeroSha) throw new Error('the group has no head');
}
