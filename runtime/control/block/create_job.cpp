// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "runtime/control/block/create_job.h"

#include "runtime/control/control.h"
#include "runtime/drivers/qcow2/create.h"

#include <bit>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace lockvet::runtime::control {

namespace {

std::error_code invalid_argument() {
  return std::make_error_code(std::errc::invalid_argument);
}

// --- a file --------------------------------------------------------------------------------------

class CreateFileJob final : public Job {
public:
  CreateFileJob(ThreadPool& pool, std::string path, uint64_t size)
      : pool_(pool), path_(std::move(path)), size_(size) {}

  std::string_view type() const noexcept override { return create_job_type; }
  const std::string& device() const noexcept override { return path_; }
  GraphResult<> begin() LV_MAIN_LOOP override { return {}; }
  GraphResult<> finish() LV_MAIN_LOOP override { return {}; }
  void clean(bool) LV_MAIN_LOOP override {}

  std::error_code LV_COROUTINE_FN co_run(JobControl&) override {
    int error = 0;
    // What was there is lost, as with QEMU.
    const std::error_code failed = pool_.co_run([this, &error] {
      const FileDescriptor file(open(path_.c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0644));
      if (!file.valid() || ftruncate(file.get(), static_cast<off_t>(size_)) != 0)
        error = errno;
    });
    return failed ? failed : std::error_code(error, std::generic_category());
  }

private:
  ThreadPool& pool_;
  const std::string path_;
  const uint64_t size_;
};

// --- an image ------------------------------------------------------------------------------------

// A node as the file that an image is made in.
class BackendFile final : public qcow2::ImageFile {
public:
  explicit BackendFile(BlockBackend& backend) : backend_(backend) {}

  std::expected<uint64_t, std::error_code> LV_COROUTINE_FN co_size() override {
    return backend_.co_length();
  }
  std::error_code LV_COROUTINE_FN co_preadv(uint64_t offset, const IoVector& to) override {
    return backend_.co_preadv(offset, to);
  }
  std::error_code LV_COROUTINE_FN co_pwritev(uint64_t offset, const IoVector& from) override {
    return backend_.co_pwritev(offset, from);
  }
  std::error_code LV_COROUTINE_FN co_flush() override { return backend_.co_flush(); }
  std::error_code LV_COROUTINE_FN co_write_zeroes(uint64_t offset, uint64_t size,
                                                  bool may_unmap) override {
    return backend_.co_pwrite_zeroes(offset, size,
                                     may_unmap ? RequestFlags::may_unmap : RequestFlags::none);
  }
  std::error_code LV_COROUTINE_FN co_discard(uint64_t offset, uint64_t size) override {
    return backend_.co_discard(offset, size);
  }
  std::error_code LV_COROUTINE_FN co_truncate(uint64_t size) override {
    return backend_.co_truncate(size);
  }

private:
  BlockBackend& backend_;
};

class CreateImageJob final : public Job {
public:
  CreateImageJob(Node& node, qcow2::CreateOptions options)
      : node_(node), name_(node.name()), options_(std::move(options)),
        backend_(
            "blockdev-create",
            // Nobody else uses it meanwhile.
            {.permissions = {Permission::consistent_read | Permission::write | Permission::resize,
                             Permission::none}}) {}

  std::string_view type() const noexcept override { return create_job_type; }
  const std::string& device() const noexcept override { return name_; }
  GraphResult<> LV_NO_COROUTINE_FN begin() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    return backend_.insert(node_);
  }
  GraphResult<> LV_NO_COROUTINE_FN finish() LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    return backend_.remove();
  }
  void LV_NO_COROUTINE_FN clean(bool succeeded) LV_MAIN_LOOP LV_GRAPH_UNLOCKED override {
    // Nobody else can be at work on a node that nobody else may use.
    if (!succeeded)
      (void)backend_.remove();
  }

  std::error_code LV_COROUTINE_FN co_run(JobControl&) override {
    BackendFile file(backend_);
    const auto created = qcow2::co_create(file, options_);
    return created ? std::error_code() : created.error().code;
  }

private:
  Node& node_;
  const std::string name_;
  const qcow2::CreateOptions options_;
  BlockBackend backend_;
};

std::expected<qcow2::CreateOptions, std::string> image_options(const Json& json) {
  qcow2::CreateOptions options{.size = json["size"].get<uint64_t>()};
  if (const Json* const version = find_member(json, "version"))
    options.version = *version == "v2" ? 2 : 3;
  if (const Json* const size = find_member(json, "cluster-size")) {
    if (!std::has_single_bit(size->get<uint64_t>()))
      return std::unexpected("'cluster-size' has to be a power of two.");
    options.cluster_bits = static_cast<uint32_t>(std::countr_zero(size->get<uint64_t>()));
  }
  if (const Json* const bits = find_member(json, "refcount-bits")) {
    const auto number = bits->get<int64_t>();
    if (number < 1 || !std::has_single_bit(static_cast<uint64_t>(number)))
      return std::unexpected("'refcount-bits' has to be a power of two.");
    options.refcount_order = static_cast<uint32_t>(std::countr_zero(static_cast<uint64_t>(number)));
  }
  if (const Json* const compression = find_member(json, "compression-type"))
    options.compression =
        *compression == "zstd" ? qcow2::Compression::zstd : qcow2::Compression::deflate;
  if (const Json* const name = find_member(json, "backing-file"))
    options.backing_name = name->get<std::string>();
  if (const Json* const format = find_member(json, "backing-fmt"))
    options.backing_format = format->get<std::string>();
  return options;
}

GraphResult<std::unique_ptr<Job>> make_job(Control& control, const Json& options) LV_MAIN_LOOP {
  if (options["driver"] == "file")
    return std::make_unique<CreateFileJob>(control.pool(), options["filename"].get<std::string>(),
                                           options["size"].get<uint64_t>());
  auto image = image_options(options);
  if (!image)
    return std::unexpected(GraphError{invalid_argument(), std::move(image.error())});
  const auto node = control.nodes().find(options["file"].get<std::string>());
  if (!node)
    return std::unexpected(node.error());
  return std::make_unique<CreateImageJob>(**node, std::move(*image));
}

} // namespace

GraphResult<> start_create(Control& control, const std::string& id, const Json& options) {
  auto job = make_job(control, options);
  if (!job)
    return std::unexpected(std::move(job.error()));
  return control.jobs().start(std::move(*job), {.id = id, .auto_dismiss = false});
}

} // namespace lockvet::runtime::control
