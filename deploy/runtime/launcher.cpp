// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/launcher.h"

#include "deploy/runtime/worker_process.h"

#include <QProcessEnvironment>

namespace tintype::runtime {

std::unique_ptr<Worker> LocalLauncher::launch(const std::map<std::string, std::string>& environment)
{
    auto worker = std::make_unique<WorkerProcess>(m_program);
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("CUDA_DEVICE_ORDER"), QStringLiteral("PCI_BUS_ID")); // the order of NVML
    for (const auto& [name, value] : environment)
        variables.insert(QString::fromStdString(name), QString::fromStdString(value));
    worker->setEnvironment(variables);
    return worker;
}

} // namespace tintype::runtime
