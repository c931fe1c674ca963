/** What a row says of itself where a text was cut (Safety S11) or letters were replaced; cut text is the greater loss. */
export function flagOf({
  cut,
  replaced,
}: {
  readonly cut: boolean;
  readonly replaced: boolean;
}): 'W001' | 'W002' | '' {
  if (cut) return 'W001';
  return replaced ? 'W002' : '';
}
