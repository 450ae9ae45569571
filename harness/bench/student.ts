/** The confidence of all intervals. */
export const CONFIDENCE = 0.95;

/** Of the normal distribution: 95 in 100 lie within so many standard deviations of its middle. */
const NORMAL = 1.959963984540054;

/**
 * The same of Student's t distribution: within how many estimated standard deviations 95 in 100 lie.
 * By the Cornish-Fisher expansion (Abramowitz and Stegun, 26.7.5): right to 0.1 % from five degrees
 * of freedom on.
 * @param freedom Degrees of freedom: at least 5.
 */
export function studentQuantile(freedom: number): number {
  const z = NORMAL;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92_160 * freedom ** 4)
  );
}
