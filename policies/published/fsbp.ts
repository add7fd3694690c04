import { dataControls } from "./security-hub-data";
import { platformControls } from "./security-hub-platform";
import type { PublishedStandard } from "./standard";

/**
 * Security Hub controls of the services that stacks register: those of AWS Foundational Security Best Practices, and
 * controls of other standards that apply here (CloudWatch.15, EKS.3, KMS.4, S3.14 and the like).
 */
export const fsbp: PublishedStandard = {
  name: "AWS Security Hub controls (Foundational Security Best Practices, and others that apply)",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
  controls: [...platformControls, ...dataControls],
};
