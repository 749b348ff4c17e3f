/**
 * The width of the proposals, moved towards a wanted acceptance by H. Robbins, S. Monro, Ann. Math. Statist. 22 (1951)
 * 400: ln width += gain (acceptance - wanted), the gain falling as 1/count after the first ones. For thermalisation
 * only: a width that follows the chain breaks detailed balance.
 */
export class ProposalWidth {
  private readonly wanted: number;
  private count = 0;
  width: number;

  constructor(width: number, wanted: number) {
    this.width = width;
    this.wanted = wanted;
  }

  /** Takes in the acceptance of one sweep. */
  learn(acceptance: number): void {
    const gain = FIRST_GAIN / (1 + this.count / CONSTANT_FOR);
    this.count += 1;
    const width = this.width * Math.exp(gain * (acceptance - this.wanted));
    this.width = Math.min(LARGEST, Math.max(1 / LARGEST, width));
  }

  save(): Record<string, number> {
    return { width: this.width, count: this.count };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    this.width = saved.width ?? this.width;
    this.count = saved.count ?? this.count;
  }
}

const FIRST_GAIN = 2;
/** Sweeps after which the gain has halved. */
const CONSTANT_FOR = 10;
/** Wider proposals than this are all nearly half turns; at strong coupling nothing stops the width from growing. */
const LARGEST = 100;
