/** The cookie that holds a session's id; the browser forgets it when it ends. */
export const sessionCookie = 'modelgate';

/** What begins the cookie of a sign-in under way. */
export const signInCookie = 'modelgate-sign-in-';
