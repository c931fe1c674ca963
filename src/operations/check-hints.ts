/**
 * What to do when a check of readiness is not well, by its name: the hint of alarms, of `doctor` and of the page for operators.
 * docs/doctor.md is this table for readers; a test holds the two together, and another one the names to those of health.
 */
export const checkHints: Readonly<Record<string, string>> = {
  store:
    'Nobody is answered while audit entries cannot be written. Look at the disk of data.directory, at who owns it, and for a program that keeps the database locked.',
  audit:
    'Run preg-adapter audit verify and keep a copy of data.directory as it is: somebody may have changed the trail, or a wrong backup was restored.',
  disk: 'Make room on the disk of data.directory: old logs and backups first, then shorter retention.',
  persontjenesten:
    'Look at the operating messages of Norsk helsenett, then at network, proxy and firewall. Calls are made again by themselves as soon as it answers.',
  probe: 'Wait for some seconds after a start; if it stays, look at token and persontjenesten.',
  token:
    'Run preg-adapter doctor: it asks for each token and tells what HelseID says, and docs/helseid.md what each answer means.',
  key: 'Have a new key registered: preg-adapter rotate-helseid-key, or self service.',
  clock:
    'Set the clock of this machine by NTP (ntp.nhn.no on Helsenettet) and see that the service that does it runs.',
  configuration:
    'Read in the log what the last reload said, mend the file, see it through preg-adapter check-config and reload again; what awaits a restart needs one.',
  certificates:
    'Renew the certificate and reload (SIGHUP). Where the renewed one cannot be used, run preg-adapter doctor: it tells what is wrong with the file.',
  events:
    'Lookups do not need the event feed. See whether Persontjenesten and HelseID are well; after a long silence the log catches up by itself.',
  cache: 'Old answers are given, since the register does not answer: see persontjenesten and token.',
  preg: 'See docs/preg.md: the address, the account and the certificate that PREG is called with.',
  cutover:
    'Look at preg-adapter cutover differences, then set or clear the route of the client: nothing moves it on by itself.',
  notifications: 'Look at preg-adapter notifications list, and at the receiver that is not reached.',
  filematch: 'Look at preg-adapter filematch list, and at the rights of drop folders.',
  plaintext:
    'Give the listener a certificate, or have it listen on this machine alone behind a proxy that has one.',
  oldTls:
    'Move its clients to TLS 1.2 and take listeners.oldTls out. As long as it is needed, it warns; see docs/security.md. A failure is that of a listener that is not open yet.',
  legacy: 'The listener is opened at the end of a start; if it stays, read the log of the start.',
  mllp: 'The listener is opened at the end of a start; if it stays, read the log of the start.',
  process: 'The adapter is ending. Nothing is to be done where somebody ended it.',
};
