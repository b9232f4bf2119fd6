// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/resnet_block.h"

#include <ATen/ATen.h>

namespace tintype::engine {

ResnetBlock::ResnetBlock(WeightStore& store, const std::string& prefix, const Options& options)
    : m_options(options)
    , m_norm1(store, prefix + ".norm1", options.groups, options.in, options.eps)
    , m_conv1(store, prefix + ".conv1", options.in, options.out, 3, 1, 1)
    , m_norm2(store, prefix + ".norm2", options.groups, options.out, options.eps)
    , m_conv2(store, prefix + ".conv2", options.out, options.out, 3, 1, 1)
{
    if (options.timeWidth > 0) {
        const std::int64_t width = options.timeScaleShift ? 2 * options.out : options.out;
        m_timeProjection = Linear(store, prefix + ".time_emb_proj", options.timeWidth, width);
    }
    if (options.in != options.out)
        m_shortcut = Conv2d(store, prefix + ".conv_shortcut", options.in, options.out, 1);
}

at::Tensor ResnetBlock::operator()(const at::Tensor& x, const at::Tensor& time) const
{
    at::Tensor hidden = m_conv1(m_norm1(x, m_options.activation));
    const at::Tensor perChannel = time.defined() ? time.unsqueeze(-1).unsqueeze(-1) : at::Tensor();
    if (perChannel.defined() && m_options.timeScaleShift) {
        const auto parts = perChannel.chunk(2, 1); // scale, shift
        hidden = activate(m_options.activation, m_norm2(hidden) * (1 + parts[0]) + parts[1]);
    } else {
        if (perChannel.defined())
            hidden.add_(perChannel);
        hidden = m_norm2(hidden, m_options.activation);
    }
    hidden = m_conv2(hidden);
    hidden.add_(m_shortcut ? m_shortcut(x) : x);
    return m_options.outputScale == 1.0 ? hidden : hidden.div_(m_options.outputScale);
}

} // namespace tintype::engine
