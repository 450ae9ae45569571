// Callouts between sending and answer. The host knows them by tokens, and answers also for streams
// that are gone; here they are found by token, and forgotten with their stream.

/** What is sent and answered later: the base of the classes that authors derive from. */
export abstract class Callout {
  /** What the host's answers come with. Counts only while it is in a table. @internal */
  __token: u32 = 0;
  /** The context that sent it; 0 while none is under way. @internal */
  __owner: u32 = 0;
  /** The next in the same bucket by token. @internal */
  __nextByToken: Callout | null = null;
  /** The next in the same bucket by owner; also links what `removeAllOf` returns. @internal */
  __nextByOwner: Callout | null = null;

  /** Whether it is sent, and the last answer to it has not come yet. */
  get pending(): bool {
    return this.__owner != 0;
  }
}

/**
 * Callouts by token and by owner: buckets of objects that are linked by their own fields, for no
 * stream may pay for the callouts of the others.
 */
@final
export class PendingCallouts {
  private byToken: StaticArray<Callout | null> = new StaticArray<Callout | null>(16);
  private byOwner: StaticArray<Callout | null> = new StaticArray<Callout | null>(16);
  private count: i32 = 0;

  insert(token: u32, owner: u32, callout: Callout): void {
    if (this.count >= this.byToken.length) this.grow();
    callout.__token = token;
    callout.__owner = owner;
    this.link(callout);
    this.count++;
  }

  /** The callout of a token; `null` when it is answered, or its owner is gone. */
  find(token: u32): Callout | null {
    let callout = unchecked(this.byToken[indexOf(token, this.byToken)]);
    while (callout !== null && callout.__token != token) callout = callout.__nextByToken;
    return callout;
  }

  remove(callout: Callout): void {
    this.unlinkToken(callout);
    this.unlinkOwner(callout);
    callout.__owner = 0;
    this.count--;
  }

  /** Removes what a context sent; the result is linked by `__nextByOwner`. */
  removeAllOf(owner: u32): Callout | null {
    let removed: Callout | null = null;
    if (this.count == 0) return removed;
    let callout = unchecked(this.byOwner[owner & (this.byOwner.length - 1)]);
    while (callout !== null) {
      const next = callout.__nextByOwner;
      if (callout.__owner == owner) {
        this.remove(callout);
        callout.__nextByOwner = removed;
        removed = callout;
      }
      callout = next;
    }
    return removed;
  }

  private link(callout: Callout): void {
    const byToken = this.byToken;
    const token = indexOf(callout.__token, byToken);
    callout.__nextByToken = unchecked(byToken[token]);
    unchecked((byToken[token] = callout));
    const byOwner = this.byOwner;
    const owner = callout.__owner & (byOwner.length - 1);
    callout.__nextByOwner = unchecked(byOwner[owner]);
    unchecked((byOwner[owner] = callout));
  }

  private unlinkToken(callout: Callout): void {
    const buckets = this.byToken;
    const index = indexOf(callout.__token, buckets);
    let previous: Callout | null = null;
    let each = unchecked(buckets[index]);
    while (each !== null && each !== callout) {
      previous = each;
      each = each.__nextByToken;
    }
    if (previous === null) unchecked((buckets[index] = callout.__nextByToken));
    else previous.__nextByToken = callout.__nextByToken;
    callout.__nextByToken = null;
  }

  private unlinkOwner(callout: Callout): void {
    const buckets = this.byOwner;
    const index = callout.__owner & (buckets.length - 1);
    let previous: Callout | null = null;
    let each = unchecked(buckets[index]);
    while (each !== null && each !== callout) {
      previous = each;
      each = each.__nextByOwner;
    }
    if (previous === null) unchecked((buckets[index] = callout.__nextByOwner));
    else previous.__nextByOwner = callout.__nextByOwner;
    callout.__nextByOwner = null;
  }

  private grow(): void {
    const old = this.byToken;
    this.byToken = new StaticArray<Callout | null>(old.length << 1);
    this.byOwner = new StaticArray<Callout | null>(old.length << 1);
    for (let i = 0; i < old.length; i++) {
      let callout = unchecked(old[i]);
      while (callout !== null) {
        const next = callout.__nextByToken;
        this.link(callout);
        callout = next;
      }
    }
  }
}

/** Envoy's tokens count up in steps of four: the lowest two bits tell the kind of the callout. */
// @ts-ignore: decorator
@inline
function indexOf(token: u32, buckets: StaticArray<Callout | null>): u32 {
  return (token ^ (token >> 2)) & (buckets.length - 1);
}
