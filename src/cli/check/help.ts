/** What `modelgate check --help` prints. */
export const checkHelp = `modelgate check: the verdict of the quality gate, before you push

Usage: modelgate check [options]

Judges what a merge of your working copy into the target branch would make: your files as they are,
untracked ones that git does not ignore included. Your repository is only read.

Options:
  -t, --target <ref>     what you want to merge into (default: the default branch of origin)
      --committed        judge the last commit, not the files that differ from it
  -f, --format <format>  pretty, json, sarif, markdown, gitlab-codequality, junit or github
                         (default: pretty)
  -o, --output <file>    write the report to a file
  -r, --report <format>=<file>
                         write a further report; as often as you like
  -h, --help             show this

Exit code: 0 passed (or advisory mode), 1 failed, 2 wrong use, 3 could not decide: a data remote does
not answer, or a shallow clone lacks the history that the merge needs (git fetch --unshallow).
Colours: NO_COLOR turns them off, FORCE_COLOR on.
`;
