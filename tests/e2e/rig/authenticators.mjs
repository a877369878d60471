// Virtual authenticators behind a page of Chromium (DevTools protocol, domain WebAuthn).

/** A phone's password manager: verifies its user, copies its keys. */
export const PHONE = {
  protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
  isUserVerified: true, defaultBackupEligibility: true, defaultBackupState: true,
};

/** A key with a PIN that is plugged in and keeps passkeys. */
export const KEY_WITH_PIN = {
  protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'usb', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
};

/** A key that knows neither its user nor whose keys it has. */
export const SECURITY_KEY = { protocol: 'ctap2', transport: 'usb', hasResidentKey: false, hasUserVerification: false };

/** One from before FIDO2. */
export const U2F_KEY = { protocol: 'u2f', transport: 'usb', hasResidentKey: false, hasUserVerification: false };

/** An authenticator: nobody touches it before `touches(true)`. */
class Authenticator {
  #session;
  #id;
  #gone;

  constructor(session, id, gone) {
    this.#session = session;
    this.#id = id;
    this.#gone = gone;
  }

  #send(method, parameters) {
    return this.#session.send(`WebAuthn.${method}`, { authenticatorId: this.#id, ...parameters });
  }

  /** Whether its owner touches it as soon as it is asked. */
  touches(enabled) {
    return this.#send('setAutomaticPresenceSimulation', { enabled });
  }

  /** Whether its owner's finger, face or PIN is the right one. */
  knowsItsOwner(isUserVerified) {
    return this.#send('setUserVerified', { isUserVerified });
  }

  async credentials() {
    return (await this.#send('getCredentials')).credentials;
  }

  /** Puts a credential in, as a password manager that was not told of its removal. */
  keep(credential) {
    return this.#send('addCredential', { credential });
  }

  async clear() {
    await this.#send('clearCredentials');
  }

  /** Pulls it out. */
  async remove() {
    await this.#send('removeVirtualAuthenticator');
    this.#gone();
  }
}

/** The authenticators of one page. `deleted` and `updated` are the ids of credentials of which the page told the browser. */
export class Authenticators {
  all = [];
  deleted = [];
  updated = [];
  #session;

  /** Takes the place of the authenticators of the machine. */
  static async of(page) {
    const authenticators = new Authenticators();
    authenticators.#session = await page.createCDPSession();
    await authenticators.#session.send('WebAuthn.enable', { enableUI: false });
    authenticators.#session.on('WebAuthn.credentialDeleted', ({ credentialId }) => authenticators.deleted.push(credentialId));
    authenticators.#session.on('WebAuthn.credentialUpdated', ({ credential }) => authenticators.updated.push(credential));
    return authenticators;
  }

  async plugIn(options) {
    const settings = { automaticPresenceSimulation: false, ...options };
    const { authenticatorId } = await this.#session.send('WebAuthn.addVirtualAuthenticator', { options: settings });
    const authenticator = new Authenticator(this.#session, authenticatorId, () => { this.all = this.all.filter((one) => one !== authenticator); });
    this.all.push(authenticator);
    return authenticator;
  }
}
