import { RetryableError, UserError } from '../../../errors.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import type { StoreTrouble } from '../../../ports/object-store.ts';

/** The address is not below a store of the environment, or not written so that this can be told. */
export function addressNotBound(address: string, why: string, remedy: string): UserError {
  return new UserError('address-not-bound', `${redactUrl(address)} ${why}; nothing was asked there`, remedy);
}

/** There is nothing to copy. */
export function modelMissing(address: string): UserError {
  return new UserError(
    'model-missing',
    `there is nothing at ${redactUrl(address)}`,
    'Run the pipeline again, or correct the address that it hands over',
  );
}

/** The source has another content than was said of it. */
export function digestMismatch(address: string, difference: string): UserError {
  return new UserError(
    'digest-mismatch',
    `${redactUrl(address)} is not the file that was handed over: ${difference}`,
    'Somebody wrote to this address after the run; run the pipeline again, and let it write each model to an address of its own',
  );
}

/** Something else is at the destination. */
export function addressTaken(address: string, difference: string): UserError {
  return new UserError(
    'address-taken',
    `another file is at ${redactUrl(address)} already: ${difference}; it was left as it is`,
    'Nothing is overwritten. Look at who wrote it; delete it when nobody needs it, then try again',
  );
}

/** A file that is read as a whole has more bytes than it may. */
export function fileTooLarge(address: string, size: number, maxBytes: number): UserError {
  return new UserError(
    'file-too-large',
    `${redactUrl(address)} has ${size} bytes; at most ${maxBytes} are read`,
    'Correct the address, or make the file smaller',
  );
}

/** What a depot's trouble means for whoever waits for it. */
export function troubleError(trouble: StoreTrouble, url: string): UserError | RetryableError {
  const message = `${redactUrl(url)}: ${trouble.message}`;
  switch (trouble.cause) {
    case 'unreachable':
      return new RetryableError(message);
    case 'forbidden':
      return storeForbidden(
        message,
        `Allow reading and listing below ${redactUrl(url)} to the credentials of the store`,
      );
    default:
      return new UserError(
        'store-unsupported',
        message,
        "Correct the store's entry in the server's configuration, or use another store",
      );
  }
}

/** The credentials lack a right. */
export function storeForbidden(message: string, remedy: string): UserError {
  return new UserError('store-forbidden', message, remedy);
}
