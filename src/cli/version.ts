export { readVersion } from '../compose/version.ts';
