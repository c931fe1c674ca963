/** What to do when a check of readiness is not well, in Norwegian (Bokmål): check-hints.ts for readers of the dashboard. */
export const norwegianHints: Readonly<Record<string, string>> = {
  store:
    'Ingen får svar så lenge sporingsloggen ikke kan skrives. Se på disken til data.directory, på hvem som eier den, og etter et program som holder databasen låst.',
  audit:
    'Kjør preg-adapter audit verify, og ta vare på en kopi av data.directory som den er: noen kan ha endret sporingsloggen, eller feil sikkerhetskopi er lagt tilbake.',
  disk: 'Gi plass på disken til data.directory: gamle logger og sikkerhetskopier først, deretter kortere lagringstid.',
  persontjenesten:
    'Se på driftsmeldingene fra Norsk helsenett, deretter på nettverk, proxy og brannmur. Kall gjøres igjen av seg selv så snart den svarer.',
  probe: 'Vent noen sekunder etter en start; varer det, se på tilgangstoken og Persontjenesten.',
  token:
    'Kjør preg-adapter doctor: den ber om hvert token og sier hva HelseID svarer. docs/helseid.md forteller hva hvert svar betyr.',
  key: 'Få en ny nøkkel registrert: preg-adapter rotate-helseid-key, eller HelseID Selvbetjening.',
  clock:
    'Still klokken på denne maskinen med NTP (ntp.nhn.no på Helsenettet), og se at tjenesten som gjør det, er i gang.',
  configuration:
    'Les i loggen hva siste omlasting sa, rett filen, kontroller den med preg-adapter check-config og last inn på nytt. Det som venter på omstart, trenger en.',
  certificates:
    'Forny sertifikatet og last inn på nytt (SIGHUP). Kan det fornyede ikke brukes, kjør preg-adapter doctor: den sier hva som er galt med filen.',
  events:
    'Oppslag trenger ikke hendelsesstrømmen. Se om det står bra til med Persontjenesten og HelseID; etter en lang stillhet tar loggen det igjen av seg selv.',
  cache: 'Gamle svar gis fordi registeret ikke svarer: se Persontjenesten og tilgangstoken.',
  preg: 'Se docs/preg.md: adressen, kontoen og sertifikatet som PREG kalles med.',
  cutover:
    'Se på preg-adapter cutover differences, og sett eller fjern så ruten til klienten: ingenting flytter den videre av seg selv.',
  notifications: 'Se på preg-adapter notifications list, og på mottakeren som ikke nås.',
  filematch: 'Se på preg-adapter filematch list, og på rettighetene til mappene for levering.',
  plaintext:
    'Gi lytteren et sertifikat, eller la den lytte bare på denne maskinen, bak en proxy som har et sertifikat.',
  oldTls:
    'Flytt klientene til TLS 1.2, og ta listeners.oldTls bort. Det varsles så lenge det trengs; se docs/security.md. En feil er at mottaket ikke er åpnet ennå.',
  legacy: 'Mottaket åpnes mot slutten av en start; varer det, les loggen fra starten.',
  mllp: 'Mottaket åpnes mot slutten av en start; varer det, les loggen fra starten.',
  process: 'Adapteren avslutter. Ingenting å gjøre dersom noen avsluttet den.',
};
