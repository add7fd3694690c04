import { dataControls } from "./security-hub-data";
import { platformControls } from "./security-hub-platform";
import type { PublishedStandard } from "./standard";

/**
 * Security Hub controls of the services that stacks register: those of AWS Foundational Security Best Practices, and
 * controls of other standards that apply here, such as CloudWatch.15, EKS.3, KMS.4 and S3.14.
 */
export const fsbp: PublishedStandard = {
  name: "AWS Security Hub controls (Foundational Security Best Practices, and others that apply)",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
  controls: [...platformControls, ...dataControls],
};
