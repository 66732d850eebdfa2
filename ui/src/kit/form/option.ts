export interface Option {
  value: string;
  label: string;
  /** Shown beside the label, marked with a shape. */
  danger?: boolean;
  testid?: string;
}
