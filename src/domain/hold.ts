/** Something waits until people have looked at it. */
export interface Hold {
  /** ISO time. */
  readonly at: string;
  /** Who holds it: a person, or `modelgate`. */
  readonly actor: string;
  /** What is wrong, in one sentence. */
  readonly reason: string;
  /** What to do about it. */
  readonly remedy: string;
}
