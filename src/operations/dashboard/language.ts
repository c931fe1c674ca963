/** The languages of the dashboard. */
export const languages = ['nb', 'en'] as const;
export type Language = (typeof languages)[number];

/**
 * Which language a reader wants: the one that is chosen, else the first known one of Accept-Language (RFC 9110 12.5.4), else Norwegian.
 * @param chosen `lang` of the address
 */
export function languageOf(chosen: string | null, acceptLanguage: string | undefined): Language {
  const picked = languages.find((language) => language === chosen);
  if (picked !== undefined) return picked;
  const [wanted] = (acceptLanguage ?? '')
    .split(',')
    .flatMap((range, index) => {
      const [tag = '', ...parameters] = range.split(';').map((text) => text.trim().toLowerCase());
      const quality = parameters.find((text) => text.startsWith('q='))?.slice(2);
      const language = byTag[tag.split('-')[0] ?? ''];
      const weight = quality === undefined ? 1 : Number(quality);
      return language === undefined || !(weight > 0) ? [] : [{ language, weight, index }];
    })
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  return wanted?.language ?? 'nb';
}

/** Whoever reads Nynorsk, Danish or Swedish reads Bokmål more easily than English. */
const byTag: Readonly<Record<string, Language>> = {
  nb: 'nb',
  no: 'nb',
  nn: 'nb',
  da: 'nb',
  sv: 'nb',
  en: 'en',
};
