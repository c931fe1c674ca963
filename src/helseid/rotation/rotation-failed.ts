/** Why a rotation did not come to its end: sentences for the operator, without anything of a key. */
export class RotationFailed extends Error {
  override readonly name = 'RotationFailed';
}
