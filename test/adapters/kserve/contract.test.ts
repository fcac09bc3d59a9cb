import { describeServing } from '../../contracts/serving.ts';
import { createSandboxWorld } from './sandbox-world.ts';

const standIn = { revisions: true, predictions: true } as const;

describeServing('Knative mode', () => createSandboxWorld(), { ...standIn, mode: 'knative' });

describeServing(
  'Standard mode, behind a shared gateway',
  () =>
    createSandboxWorld({ knative: false, addressing: 'host' }, ({ gatewayUrl }) => ({ gateway: gatewayUrl })),
  { ...standIn, mode: 'standard' },
);
