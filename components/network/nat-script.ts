/** GiB of swap: dnf needs more than the 0.5 GiB of memory that a t4g.nano has. */
const swapGib = 1;

/**
 * User data that makes an instance of Amazon Linux 2023 forward the VPC's traffic under its own address. cloud-init runs
 * it once; its effects outlast a restart. Source: Amazon VPC user guide, work with NAT instances.
 *
 * It differs from the guide in three points: rules name the VPC's range rather than a network interface, whose name depends
 * on the instance type; they are in the file that `iptables.service` loads, so that a failure leaves either all or none; and
 * the instance itself accepts no connections, not even from the VPC.
 *
 * The file `releasever` enables Patch Manager's updates: without it Amazon Linux is locked to the release of its image.
 * Source: Amazon Linux 2023 user guide, deterministic upgrades through versioned repositories.
 */
export const natScript = (vpcCidr: string): string => `#!/bin/bash
set -euxo pipefail

dd if=/dev/zero of=/swapfile bs=1M count=${swapGib * 1024}
chmod 600 /swapfile
mkswap /swapfile
echo '/swapfile none swap defaults 0 0' >> /etc/fstab
swapon /swapfile

# The Elastic IP address is associated after the instance has started.
until dnf install -y iptables-services; do sleep 5; done
echo latest > /etc/dnf/vars/releasever

echo 'net.ipv4.ip_forward = 1' > /etc/sysctl.d/90-nat.conf
sysctl -p /etc/sysctl.d/90-nat.conf

cat > /etc/sysconfig/iptables <<'RULES'
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s ${vpcCidr} ! -d ${vpcCidr} -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A FORWARD -s ${vpcCidr} ! -d ${vpcCidr} -j ACCEPT
COMMIT
RULES
systemctl enable --now iptables
`;
