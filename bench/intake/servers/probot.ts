import { listen } from './listen.ts';
import { createProbotApp, probotPath } from './probot-app.ts';

// A handler that does nothing: nothing is kept.
listen(await createProbotApp(() => undefined), probotPath);
