import type { Texts } from './texts.js';

/** The error catalogue in Norwegian (Bokmål), in short. */
export const norwegianErrors: Texts['errors']['of'] = {
  'malformed-request': {
    cause: 'Meldingen er ikke velformet, ikke etter protokollen, eller over en grense.',
    hint: 'Spør leverandøren av klienten; logglinjen nevner regelen som ble brutt.',
  },
  'xml-dtd': {
    cause: 'Meldingen har en DOCTYPE, som ingen klient av PREG sender.',
    hint: 'Behandle det som et angrep til avsenderen er kjent.',
  },
  'encoding-conflict': {
    cause: 'Tegnsettet er oppgitt på flere måter som ikke stemmer, eller tegnene passer ikke.',
    hint: 'Spør leverandøren av klienten hvilket tegnsett som er ment.',
  },
  'version-mismatch': {
    cause: 'Konvolutten er av en annen SOAP-versjon enn Content-Type sier.',
    hint: 'text/xml er SOAP 1.1, application/soap+xml er SOAP 1.2.',
  },
  'must-understand': {
    cause: 'Et hode som må forstås, er ukjent her.',
    hint: 'Klienten bruker en WS-*-funksjon som den gamle tjenesten ikke hadde.',
  },
  'invalid-addressing': {
    cause: 'Et WS-Addressing-hode mangler, er gjentatt, eller ber om svar på en annen forbindelse.',
    hint: 'Kontroller oppsettet av klienten: WS-Addressing 1.0 med anonyme svar.',
  },
  'action-not-supported': {
    cause: 'Handlingen er ingen operasjon hos tjenesten på denne adressen.',
    hint: 'Klienten bruker trolig adressen til en annen tjeneste.',
  },
  'not-authenticated': {
    cause: 'Ukjent brukernavn, feil passord, eller en klient som er slått av. Svaret sier ikke hvilket.',
    hint: 'Sammenlign brukernavnet med clients[] i konfigurasjonen; lag en ny hash med preg-adapter hash-password.',
  },
  'invalid-security': {
    cause:
      'Sikkerhetshodet mangler eller er feil, tidsstempelet er for gammelt, eller et nonce er brukt før.',
    hint: 'Logglinjen sier hvilket; for et gammelt tidsstempel, sammenlign klokkene hos klienten og her.',
  },
  'bad-context-token': {
    cause:
      'En sesjon er ukjent, avsluttet eller endret, eller klienten er slått av eller har fått nytt passord.',
    hint: 'Klienter logger inn igjen av seg selv. Skjer det hele tiden, sier logglinjen hvorfor.',
  },
  'renew-needed': {
    cause: 'Nøkkelen til en sesjon er gammel nok.',
    hint: 'Ingenting å gjøre; klienten fornyer nøkkelen selv.',
  },
  'invalid-trust-request': {
    cause: 'En forespørsel om å åpne, fornye eller avslutte en sesjon ber om noe som ikke tilbys.',
    hint: 'Spør leverandøren av klienten; logglinjen nevner delen det gjelder.',
  },
  'not-authorised': {
    cause: 'Klienten er kjent, men har ikke lov til dette.',
    hint: 'Se clients[] i konfigurasjonen: hva klienten har lov til, og hvorfra.',
  },
  'invalid-query': {
    cause: 'En parameter i spørringen mangler eller er feil.',
    hint: 'Ingenting å gjøre; klienten får vite hvilken.',
  },
  'too-many-hits': {
    cause: 'Søket passer på flere enn det går an å svare med.',
    hint: 'Ingenting å gjøre; klienten får beskjed om å søke smalere.',
  },
  'changes-not-followed': {
    cause: 'En klient spurte om endringer i et tidsrom, og hendelsesstrømmen følges ikke her.',
    hint: 'Slå på events.enabled i god tid før klienten trenger det: endringer er kjent fra da av.',
  },
  'upstream-unavailable': {
    cause:
      'Persontjenesten kan ikke nås, svarer at den er ute av drift, eller spørres ikke en stund etter for mange feil.',
    hint: 'Kontroller nettverk, proxy og driftsmeldinger fra Norsk helsenett.',
  },
  'upstream-rate-limited': {
    cause: 'Persontjenesten svarte 429, eller for mange kall venter på tur.',
    hint: 'For mange forespørsler på kort tid; fordel masseoppslag over lengre tid.',
  },
  'upstream-timeout': {
    cause: 'Det kom ikke noe fullstendig svar innen fristen.',
    hint: 'Se på svartiden til Persontjenesten, og på requestDeadlineSeconds og upstream.callTimeoutSeconds.',
  },
  'caller-left': {
    cause: 'Klienten lukket forbindelsen før svaret var klart.',
    hint: 'Ingenting å gjøre, om det ikke skjer ofte: sammenlign da tidsgrensen i klienten med tidene i loggen.',
  },
  'upstream-rejected': {
    cause: 'Persontjenesten avviste en forespørsel som skulle vært riktig.',
    hint: 'Statusen står i logglinjen; meld det som en feil i adapteren.',
  },
  'upstream-forbidden': {
    cause: 'Persontjenesten godtok ikke tilgangstokenet (401 to ganger, eller 403).',
    hint: 'Kontroller scope, organisasjonsnummer og klokken på denne maskinen.',
  },
  'upstream-invalid-answer': {
    cause: 'Svaret var ikke et persondokument for nummeret det ble spurt om.',
    hint: 'Se etter en proxy eller brannmur som svarer i stedet for Persontjenesten.',
  },
  'token-unavailable': {
    cause: 'HelseID kan ikke nås, eller svarer at den er ute av drift.',
    hint: 'Kontroller nettverk, proxy og driftsmeldinger fra HelseID.',
  },
  'token-refused': {
    cause: 'HelseID nektet å gi et token, eller ga et som ikke kan brukes.',
    hint: 'Kontroller klient-id, nøkkel, scope og organisasjonsnumre i HelseID Selvbetjening; feilkoden fra HelseID sier hvilket.',
  },
  'preg-unavailable': {
    cause:
      'Det gamle PREG kan ikke nås, svarer ikke i tide, eller spørres ikke en stund etter for mange feil.',
    hint: 'Kontroller nettverk, proxy og cutover.preg. Så lenge PREG er nede, kan cutover.fallback la Persontjenesten svare.',
  },
  'preg-rejected': {
    cause:
      'Det gamle PREG slapp ikke adapteren inn, avviste spørsmålet, eller ga et svar som ikke må brukes.',
    hint: 'Kontroller cutover.preg.accounts, cutover.preg.security og klokken; logglinjen begynner med problemet.',
  },
  'preg-refused': {
    cause: 'Det gamle PREG avviste spørsmålet som et det ikke kan svare på.',
    hint: 'Ingenting å gjøre her.',
  },
  'audit-unavailable': {
    cause: 'Sporingsloggen kunne ikke skrives, så svaret ble holdt tilbake.',
    hint: 'Kontroller disken og rettighetene til data.directory.',
  },
  'store-failed': {
    cause: 'Lageret kunne ikke leses eller skrives, så forespørselen ble ikke besvart.',
    hint: 'Kontroller disken og rettighetene til data.directory.',
  },
  overloaded: {
    cause:
      'Det er for mye å gjøre: for mange forespørsler er i gang eller venter på tur, eller for mange innlogginger gjør det.',
    hint: 'Se etter «requests were refused unread» og «authentication failed» i loggen: en klient som spør svært ofte eller har et gammelt passord, eller noen som gjetter. Bak en gateway, kontroller trustedProxies.',
  },
  'rate-limited': {
    cause: 'Klienten spør oftere enn clients[].requestsPerSecond tillater.',
    hint: 'Finn ut hvorfor den spør så ofte; om den skal det, øk requestsPerSecond eller requestBurst for klienten og last inn på nytt.',
  },
  internal: {
    cause: 'En feil som ingen hadde forutsett.',
    hint: 'Loggen har detaljene under korrelasjons-id-en; meld den.',
  },
};
