/** Namespace of HL7's messages and everything inside of them. */
export const hl7Namespace = 'urn:hl7-org:v3';

/** Code systems of HL7 v3 messages (preg-hl7v3 part 3 and 5). */
export const codeSystems = {
  actCode: '2.16.840.1.113883.5.4',
  acknowledgementDetail: '2.16.840.1.113883.5.1100',
  confidentiality: '2.16.840.1.113883.5.25',
  country: '1.0.3166.1.2.3',
  gender: '2.16.840.1.113883.5.1',
  genderVolven: '2.16.578.1.12.4.1.1.3101',
  interaction: '2.16.840.1.113883.1.6',
  maritalStatus: '2.16.578.1.12.4.1.1.3303',
  maritalStatusHl7: '2.16.840.1.113883.5.2',
  roleCode: '2.16.840.1.113883.5.111',
} as const;

/** PREG as a device: the sender of replies and their custodian. */
export const PREG_DEVICE = '2.16.578.1.12.4.5.1.1';
