import { describeObjectStore } from '../../../contracts/object-store.ts';
import { createS3World } from './s3-world.ts';

for (const prefix of ['dvc/', '']) {
  describeObjectStore(
    prefix === '' ? 'a bucket' : 'a prefix of a bucket',
    async () => {
      const world = await createS3World();
      const store = world.open({ location: { bucket: 'team', prefix } });
      if (prefix !== '') {
        world.sandbox.put('team', 'dvb/before', 'not ours');
        world.sandbox.put('team', 'dvc-other/beside', 'not ours');
        world.sandbox.put('team', prefix, '');
        world.sandbox.put('team', 'dvd/after', 'not ours');
      }
      return {
        store,
        put: (key, content) => Promise.resolve(void world.sandbox.put('team', prefix + key, content)),
        close: () => world.close(),
      };
    },
    { etags: true },
  );
}
