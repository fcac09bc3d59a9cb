/** Characters of our comment: well below what hosts take, and a longer one is not read (specs git-hosts 3.4). */
export const longestComment = 60_000;
