import { readFileSync } from 'node:fs';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { tlsSource, type TlsSource } from '../../config/adapter-configuration.js';
import { readTlsMaterial, type TlsMaterial } from '../../config/tls-material.js';
import { errorCode } from '../../errors/error-code.js';
import { isLoopback } from '../../runtime/loopback.js';
import { certificatesIn, certificatesOfPfx } from '../certificate-reading.js';
import { failed, ok, warning, type Finding } from './finding.js';
import type { Examine, Patient } from './patient.js';

/** So long before its end a certificate should be renewed. */
const WARNING_DAYS = 30;
const DAY = 24 * 60 * 60_000;

/** Certificates that the adapter shows, and those that it trusts. */
export const examineCertificates: Examine = async (patient) => {
  const { listeners, hl7v2, outbound } = patient.adapter;
  const shown: (readonly [string, TlsSource | undefined, isListener: boolean])[] = [
    ['listeners.legacy.tls', listeners.legacy.tls, true],
    ['listeners.oldTls.tls', listeners.oldTls?.tls, false],
    ['listeners.mllp.tls', listeners.mllp?.tls?.certificate, false],
    ['listeners.operations.tls', listeners.operations.tls, false],
    ...hl7v2.notifications.receivers.map(
      ({ id, tls }) => [`the certificate for the receiver ${id}`, tlsSource(tls), false] as const,
    ),
  ];
  const trusted = [
    ['outbound.caFile', outbound.caFile],
    ['listeners.mllp.tls.clientCaFile', listeners.mllp?.tls?.clientCaFile],
    ...hl7v2.notifications.receivers.map(
      ({ id, tls }) => [`caFile of the receiver ${id}`, tls?.caFile] as const,
    ),
  ] as const;
  const findings = await Promise.all(
    shown.map(async ([name, source, isListener]) =>
      source === undefined ? [] : shownFindings(name, source, isListener, patient),
    ),
  );
  const now = patient.clock.now();
  const all = [
    ...findings.flat(),
    ...trusted.flatMap(([name, file]) => (file === undefined ? [] : trustFindings(name, file, now))),
  ];
  return all.length === 0 ? [ok('none is configured')] : all;
};

async function shownFindings(
  name: string,
  source: TlsSource,
  isListener: boolean,
  { adapter, clock }: Patient,
): Promise<readonly Finding[]> {
  const material = readTlsMaterial(source);
  let chain: readonly X509Certificate[];
  try {
    chain = 'cert' in material ? certificatesIn(material.cert) : await certificatesOfPfx(material);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    return [
      failed(
        `${name}: the certificate cannot be read (${code})`,
        'Compare it and its passphrase with what was delivered.',
      ),
    ];
  }
  const [leaf] = chain;
  if (leaf === undefined)
    return [failed(`${name}: the file holds no certificate`, 'Name the file with the certificate.')];
  const problems = [
    ...keyProblems(name, leaf, material),
    ...endProblems(name, chain, clock.now()),
    ...orderProblems(name, chain),
    ...(isListener ? nameProblems(name, leaf, adapter) : []),
  ];
  if (problems.length > 0) return problems;
  const lonely = chain.length === 1 && leaf.issuer !== leaf.subject;
  return [
    ok(
      `${name}: good until ${dayOf(endOf(leaf))}`,
      lonely
        ? 'It comes without the certificate of its issuer: put that behind it in the file, unless clients know the issuer themselves.'
        : undefined,
    ),
  ];
}

function keyProblems(name: string, leaf: X509Certificate, material: TlsMaterial): Finding[] {
  // OpenSSL opens no PFX whose key is another one's.
  if (!('cert' in material)) return [];
  const { key, passphrase } = material;
  const fits = leaf.checkPrivateKey(
    createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }),
  );
  return fits
    ? []
    : [
        failed(
          `${name}: the key is not that of the certificate`,
          'Name the key that the request for this certificate was made with.',
        ),
      ];
}

/** Of the certificate itself, and of those behind it. */
function endProblems(name: string, chain: readonly X509Certificate[], now: Date): Finding[] {
  return chain.flatMap((certificate, index) => {
    const what = index === 0 ? 'the certificate' : 'the certificate of an issuer in the file';
    return endProblem(`${name}: ${what}`, certificate, now, index === 0 ? failed : warning);
  });
}

function endProblem(
  told: string,
  certificate: X509Certificate,
  now: Date,
  past: (told: string, hint: string) => Finding,
): Finding[] {
  const end = endOf(certificate);
  const days = Math.floor((end.getTime() - now.getTime()) / DAY);
  const renew = 'Renew it and replace the file; kill -HUP or a restart makes the new one hold.';
  if (end < now) return [past(`${told} ended on ${dayOf(end)}`, renew)];
  if (new Date(certificate.validFrom) > now) {
    return [
      past(`${told} is not good before ${certificate.validFrom}`, 'Compare the clock of this machine first.'),
    ];
  }
  return days < WARNING_DAYS ? [warning(`${told} ends on ${dayOf(end)}, in ${days} days`, renew)] : [];
}

/** Each has to be issued by the one behind it, or clients that go by the order refuse all. */
function orderProblems(name: string, chain: readonly X509Certificate[]): Finding[] {
  const isBroken = chain.some((certificate, index) => {
    const issuer = chain[index + 1];
    return issuer !== undefined && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
  return isBroken
    ? [
        warning(
          `${name}: a certificate in the file is not issued by the one behind it`,
          'Put the certificate first, then the one of its issuer, and so on; leave out what does not belong.',
        ),
      ]
    : [];
}

/** Whether clients find the name that they call by. */
function nameProblems(
  name: string,
  leaf: X509Certificate,
  { publicBaseUrl, listeners }: Patient['adapter'],
): Finding[] {
  const called = publicBaseUrl === undefined ? listeners.legacy.host : new URL(publicBaseUrl).hostname;
  const host = called.replace(/^\[(.*)\]$/, '$1');
  if (publicBaseUrl === undefined && (isLoopback(host) || ['0.0.0.0', '::'].includes(host))) return [];
  const fits = isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host);
  if (fits !== undefined) return [];
  const told = `${name}: the certificate is not for ${host}`;
  const setting = publicBaseUrl === undefined ? 'listeners.legacy.host' : 'publicBaseUrl';
  const hint = `Clients call by ${setting}: have the certificate issued for that name, or correct the setting.`;
  // Behind a proxy it is the proxy's certificate that clients see.
  return listeners.legacy.trustedProxies.length > 0 ? [warning(told, hint)] : [failed(told, hint)];
}

function trustFindings(name: string, file: string, now: Date): readonly Finding[] {
  const found = certificatesIn(readFileSync(file));
  const problems = found.flatMap((certificate) =>
    endProblem(`${name}: a certificate in it`, certificate, now, warning),
  );
  if (problems.length > 0) return problems;
  return [ok(`${name}: ${found.length} ${found.length === 1 ? 'certificate' : 'certificates'} to trust`)];
}

/** When it ends. */
export function endOf(certificate: X509Certificate): Date {
  return new Date(certificate.validTo);
}

/** As people are told. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
