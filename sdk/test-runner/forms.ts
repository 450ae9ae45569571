/** The forms in which results are shown. */
export const FORMS = ["spec", "tap", "junit", "github", "json"] as const;
export type Form = (typeof FORMS)[number];
