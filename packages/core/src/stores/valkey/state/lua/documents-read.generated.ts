// Generated from documents-read.lua by "pnpm generate": change that file, not this one.

import { operationLua } from './operation.include.generated.ts';
import { documentLua } from './document.include.generated.ts';

/** Returns documents as they are at one moment. */
export const documentsReadScript: { readonly name: string; readonly source: string } = {
  name: 'documents-read',
  source: [`#!lua flags=allow-oom
`, operationLua, documentLua, `local time, found = now(), {}
for place = 1, #ARGV do
  local document = readDocument(KEYS[1], ARGV[place], time)
  found[place] = document and document.text or ''
end
return found
`].join(''),
};
