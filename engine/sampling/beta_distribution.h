// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tintype::engine {

/// The x in [0, 1] below which a beta-distributed number lies with probability `p`: scipy.stats.beta.ppf(p, a, b), to
/// about 1e-14. For 0 < a, b <= 1000.
double betaQuantile(double p, double a, double b);

} // namespace tintype::engine
