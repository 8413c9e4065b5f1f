/** Where people log in to come by the gateway. Nothing of it is a secret. */
export interface LoginOffer {
  /** The identity provider. */
  issuer: string;
  /** For whom its ID tokens must be made. */
  clientId: string;
  /** What is asked for, separated by spaces. */
  scopes: string;
}

export interface LoginOffered {
  /** Absent where nobody logs in. */
  oidc?: LoginOffer;
  /** There where people log in with a browser, at /auth/login. */
  browser?: true;
}
