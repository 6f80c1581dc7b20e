export default function () {
  return { markdownTemplateEngine: false };
}
