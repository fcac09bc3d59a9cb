import { describeHost } from '../../contracts/host.ts';
import { createGithubWorld } from './github-world.ts';

describeHost('GitHub, as an App', () => createGithubWorld());
describeHost('GitHub Enterprise Server, as an App', () => createGithubWorld({ enterprise: '3.19.1' }));
describeHost('GitHub, with a token', () => createGithubWorld({ as: 'token' }));
