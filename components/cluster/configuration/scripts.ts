import { uploadSh } from "../../jobs/upload-script";
import { listPaths } from "./kinds";

/** Where Kubernetes mounts the token of a pod's service account. */
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Key types of certificates: by default ACM lists those with short RSA keys only. Source: ACM API, ListCertificates. */
const keyTypes = "RSA_1024,RSA_2048,RSA_3072,RSA_4096,EC_prime256v1,EC_secp384r1,EC_secp521r1";

/**
 * Writes the cluster's objects, one file for each kind, and the list of the account's certificates, and lists the files
 * with their checksums. Kinds whose operator isn't installed are skipped; any other error fails the script.
 * Environment: `DISK`, `KUBERNETES` (host of the API server), `ACCOUNT` (folder of the token), `REGIONS` (of the
 * certificates).
 */
const exportSh = `set -euo pipefail
cd "$DISK"
mkdir -p backup/kubernetes backup/certificates
while read -r path; do
  code=$(curl --silent --show-error --max-time 120 --cacert "$ACCOUNT/ca.crt" \\
    --header @<(echo "Authorization: Bearer $(cat "$ACCOUNT/token")") \\
    --output answer --write-out '%{http_code}' "https://$KUBERNETES/$path")
  case $code in
    200) jq 'del(.items[].metadata.managedFields)' answer > "backup/kubernetes/\${path//\\//_}.json" ;;
    404) echo "$path: not installed in this cluster" ;;
    *) echo "$path: $code $(cat answer)" >&2; exit 1 ;;
  esac
done < "$(dirname "$0")/paths"
rm answer
for region in $REGIONS; do
  aws acm list-certificates --region "$region" --includes keyTypes=${keyTypes} --output json \\
    > "backup/certificates/$region.json"
done
cd backup
sha256sum */* > ../SHA256SUMS
`;

/** Variables of the script other than the target's. */
export const exportVariables = (regions: readonly string[]) => ({
  KUBERNETES: "kubernetes.default.svc",
  ACCOUNT: account,
  REGIONS: regions.join(" "),
});

/** Files of the job. */
export const configurationFiles = {
  "export.sh": exportSh,
  "upload.sh": uploadSh,
  paths: listPaths.map((path) => `${path}\n`).join(""),
} as const;
