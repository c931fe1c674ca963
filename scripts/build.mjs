/** `npm run build`: installs what is missing and compiles. */
import { prepare, run } from './prepare.mjs';

await run(() => {
  prepare();
});
