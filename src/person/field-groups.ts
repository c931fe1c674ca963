/** Groups of PREG fields: what an access profile grants, and what each row of mappings/person.yaml belongs to. */
export const fieldGroups = [
  'identity',
  'names',
  'birth',
  'gender',
  'status',
  'civil-status',
  'family',
  'addresses',
  'citizenship',
  'custody',
  'legal-capacity',
  'permits',
] as const;
export type FieldGroup = (typeof fieldGroups)[number];
