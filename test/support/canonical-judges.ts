import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** Canonicalisers that we did not choose, to be compared with the one that we did. */

/** Exclusive C14N of a whole document by the installed xmllint, comments included; undefined where there is none. */
export function byXmllint(text: string): string | undefined {
  const { status, stdout } = spawnSync('xmllint', ['--exc-c14n', '--nonet', '-'], {
    input: text,
    encoding: 'utf8',
  });
  return status === 0 ? stdout : undefined;
}

interface DomElement {
  readonly firstChild: unknown;
}

interface XmlCrypto {
  readonly ExclusiveCanonicalization: new () => {
    process(
      element: DomElement,
      options: { readonly inclusiveNamespacesPrefixList: readonly string[] },
    ): string;
  };
}

interface XmlDom {
  readonly DOMParser: new () => {
    parseFromString(
      text: string,
      type: string,
    ): { getElementsByTagNameNS(namespace: string, name: string): ArrayLike<DomElement> };
  };
}

/**
 * Exclusive C14N of the first elements of these local names by xml-crypto. It errs about prefixes that a locale sorts in
 * another order than their code points, and about attributes whose name begins with `xmlns`.
 */
export function byXmlCrypto(
  text: string,
  localNames: readonly string[],
  prefixes: readonly string[] = [],
): readonly string[] {
  const require = createRequire(import.meta.url);
  // Past the compiler, because their declarations want the types of browsers.
  const crypto: unknown = require('xml-crypto');
  const dom: unknown = createRequire(require.resolve('xml-crypto'))('@xmldom/xmldom');
  if (!isXmlCrypto(crypto) || !isXmlDom(dom)) throw new TypeError('xml-crypto has changed');
  const { ExclusiveCanonicalization } = crypto;
  const document = new dom.DOMParser().parseFromString(text, 'text/xml');
  return localNames.map((localName) => {
    const [element] = Array.from(document.getElementsByTagNameNS('*', localName));
    if (element === undefined) throw new Error('there is no such element');
    return new ExclusiveCanonicalization().process(element, { inclusiveNamespacesPrefixList: prefixes });
  });
}

function isXmlCrypto(value: unknown): value is XmlCrypto {
  return typeof value === 'object' && value !== null && 'ExclusiveCanonicalization' in value;
}

function isXmlDom(value: unknown): value is XmlDom {
  return typeof value === 'object' && value !== null && 'DOMParser' in value;
}
