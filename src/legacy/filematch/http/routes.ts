import { isUlid } from '../jobs/ulid.js';

/** Where jobs are. */
export const ROOT = '/filematch/jobs';

/** What can be asked, by the names that the audit trail has for it. */
export const filematchOperations = [
  'upload',
  'list',
  'status',
  'delete',
  'result',
  'rejects',
  'receipt',
  'pause',
  'resume',
  'cancel',
] as const;
export type Operation = (typeof filematchOperations)[number];

/** What a request asks for: of all jobs, or of one. */
export type Route =
  | { readonly operation: 'upload' | 'list' }
  | { readonly operation: Exclude<Operation, 'upload' | 'list'>; readonly jobId: string };

/** What an address leads to with a method. */
export type Destination =
  | { readonly found: 'route'; readonly route: Route }
  | { readonly found: 'other-methods'; readonly allow: string }
  | { readonly found: 'nothing' };

type JobOperation = Exclude<Operation, 'upload' | 'list'>;

const methodsOfAll = { GET: 'list', POST: 'upload' } as const;

/** By what follows the id. */
const methodsOfOne: Readonly<Record<string, Readonly<Partial<Record<string, JobOperation>>>>> = {
  '': { GET: 'status', DELETE: 'delete' },
  '/result': { GET: 'result' },
  '/rejects': { GET: 'rejects' },
  '/receipt': { GET: 'receipt' },
  '/pause': { POST: 'pause' },
  '/resume': { POST: 'resume' },
  '/cancel': { POST: 'cancel' },
};

/** Finds out what is asked for, without regard to case; HEAD is as GET. */
export function destinationOf(method: string, path: string): Destination {
  const rest = path.slice(ROOT.length).toLowerCase();
  if (rest === '') return among(methodsOfAll, method, (operation) => ({ operation }));
  const [, id = '', part = ''] = /^\/([^/]*)(\/.*)?$/.exec(rest) ?? [];
  const jobId = id.toUpperCase();
  const methods = Object.hasOwn(methodsOfOne, part) ? methodsOfOne[part] : undefined;
  if (methods === undefined || !isUlid(jobId)) return { found: 'nothing' };
  return among(methods, method, (operation) => ({ operation, jobId }));
}

function among<Name extends Operation>(
  methods: Readonly<Partial<Record<string, Name>>>,
  method: string,
  route: (operation: Name) => Route,
): Destination {
  const asked = method === 'HEAD' ? 'GET' : method;
  const operation = Object.hasOwn(methods, asked) ? methods[asked] : undefined;
  if (operation !== undefined) return { found: 'route', route: route(operation) };
  const allow = Object.keys(methods).flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one]));
  return { found: 'other-methods', allow: allow.join(', ') };
}
